import * as tags from '../../tags/tags.ts';
import type { CompanyContext } from '../../web/context.ts';
import { choices } from '../../web/form.ts';
import * as changes from '../history/changes.ts';
import { valueText } from '../history/value-view.ts';
import { type Base, baseOf, readShown, writeBase } from './base.ts';
import { tooMany } from './check.ts';
import { type Details, type Draft, LIMITS } from './details.ts';
import { differ, isList, merged, PARTS, type Part, type Pick, proposal, readable } from './differences.ts';
import type { Stored } from './stored.ts';
import { titleOf } from './view.ts';

declare module '../../web/views.ts' {
  interface Views {
    'customers/conflict': ConflictModel;
  }
}

export interface ConflictModel {
  title: string;
  back: { path: string; text: string };
  action: string;
  /** who saved what, and when */
  saves: { text: string; fields: string }[];
  parts: PartModel[];
  /** everything that was typed, and where it began */
  hidden: { name: string; value: string }[];
  errors: Record<string, string>;
}

interface PartModel {
  name: string;
  label: string;
  /** when the form was opened, as it is now, and as it was typed here */
  base: string[];
  theirs: string[];
  mine: string[];
  choices: { value: Pick; label: string; chosen: boolean }[];
  error: string | null;
}

type Picks = ReadonlyMap<Part, Pick>;

/** Somebody saved while this was being typed: both versions field by field, and a choice. Nothing is lost. */
export async function showConflict(
  ctx: CompanyContext,
  theirs: Stored,
  base: Base,
  draft: Draft,
  mine: Details,
  errors: Partial<Record<Part, string>> = {},
  picks?: Picks,
): Promise<void> {
  const { t, format, services, company } = ctx;
  const { names, saves } = await services.tenancy.reading(company, async (db) => ({
    names: await tags.names(db),
    saves: (await changes.ofCustomer(db, theirs.id, SHOWN, null)).changes,
  }));
  const parts = PARTS.filter((part) => differ(part, mine, theirs.details));
  const path = `/customers/${theirs.id}`;
  const model: ConflictModel = {
    title: t('customers.conflict.title'),
    back: { path, text: titleOf(ctx, theirs) },
    action: `${path}/edit`,
    saves: saves
      .filter(({ at }) => at >= base.at)
      .map((save) => ({
        text: t('customers.conflict.saved', {
          name: save.user_name ?? t('customers.history.somebody'),
          at: format.dateTime(save.at),
        }),
        fields: save.changes.map(({ field }) => t(`customers.history.field.${field}`)).join(', '),
      })),
    parts: parts.map(partModel),
    hidden: [
      ...fieldsOf(draft),
      { name: 'base', value: writeBase(base) },
      { name: 'theirs', value: writeBase(baseOf(theirs, ctx.now)) },
    ],
    errors: Object.fromEntries(Object.entries(errors)),
  };
  await ctx.render('customers/conflict', model, 409);

  function partModel(part: Part): PartModel {
    const texts = (details: Details) => valueText(ctx, part, readable(part, details, names));
    const proposed = picks ? picks.get(part) : proposal(part, base.details, mine, theirs.details);
    const values: Pick[] = isList(part) ? ['theirs', 'mine', 'both'] : ['theirs', 'mine'];
    return {
      name: `pick.${part}`,
      label: t(`customers.history.field.${part}`),
      base: texts(base.details),
      theirs: texts(theirs.details),
      mine: texts(mine),
      choices: choices(values, proposed ?? undefined, (value) =>
        t(`customers.conflict.pick.${value}`),
      ) as PartModel['choices'],
      error: errors[part] ?? null,
    };
  }
}

const SHOWN = 20;

/** What comes of the choice, and over what it was made; null: it has been answered, since something is still to be chosen. */
export async function settleConflict(
  ctx: CompanyContext,
  theirs: Stored,
  base: Base,
  draft: Draft,
  mine: Details,
  body: Record<string, unknown>,
): Promise<{ details: Details; shown: Base } | null> {
  const { t } = ctx;
  const picks = new Map<Part, Pick>();
  for (const part of PARTS) {
    const pick = body[`pick.${part}`];
    if (pick === 'mine' || pick === 'theirs' || (pick === 'both' && isList(part))) picks.set(part, pick);
  }
  const shown = readShown(body.theirs);
  // Saved yet again: the choice was made between other versions.
  if (shown?.version !== theirs.version) {
    await showConflict(ctx, theirs, base, draft, mine);
    return null;
  }
  const errors: Partial<Record<Part, string>> = {};
  for (const part of PARTS.filter((each) => differ(each, mine, shown.details))) {
    if (!picks.has(part)) errors[part] = t('web.form.choose');
  }
  const details = merged(mine, shown.details, picks);
  for (const list of ['phones', 'emails'] as const) {
    if (tooMany(details[list], theirs.details[list], LIMITS[list]))
      errors[list] = t(`customers.edit.tooMany.${list}`, { count: LIMITS[list] });
  }
  if (Object.keys(errors).length === 0) return { details, shown };
  await showConflict(ctx, theirs, base, draft, mine, errors, picks);
  return null;
}

/** The form as it was typed, to be sent once more. */
function fieldsOf(draft: Draft): { name: string; value: string }[] {
  const { phones, emails, tags, latest, ...texts } = draft;
  const { name, gender, region, otherChannels, note } = texts;
  return [
    ...Object.entries({ name, gender, region, otherChannels, note }).map(([key, value]) => ({ name: key, value })),
    ...phones.flatMap(({ text, channels }, n) => [
      { name: `phones.${n}`, value: text },
      ...channels.map((value) => ({ name: `phones.${n}.channels`, value })),
    ]),
    ...emails.map((value, n) => ({ name: `emails.${n}`, value })),
    ...tags.map((value) => ({ name: 'tags', value })),
    ...latest.map((value) => ({ name: 'latest', value })),
  ];
}
