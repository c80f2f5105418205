import type { CompanyContext } from '../web/context.ts';
import type { TagRow } from './sql.ts';
import type { Tagged } from './tagged.ts';

/** A tag as it is shown; partial `tags/chip`. */
export interface ChipModel {
  name: string;
  colour: string;
}

export const chip = ({ name, colour }: TagRow): ChipModel => ({ name, colour });

/** The tags of one customer or order, and the form that adds one; partial `tags/editor`. */
export interface EditorModel {
  /** of the subject whose tags these are */
  path: string;
  chips: (ChipModel & { id: string; remove: string })[];
  /** null: the person may not */
  add: { names: string[] } | null;
  /** the name that was typed and refused */
  typed: string;
  error: string | null;
}

export type RefusedTag = Pick<EditorModel, 'typed' | 'error'>;

/** `path`: the address of the customer or order. */
export function editorModel({ t, may }: CompanyContext, path: string, id: string, tagged: Tagged): EditorModel {
  const own = tagged.of.get(id) ?? [];
  const has = new Set(own.map((tag) => tag.id));
  return {
    path,
    chips: own.map((tag) => ({ ...chip(tag), id: tag.id, remove: t('tags.editor.remove', { name: tag.name }) })),
    add: may('customers:write')
      ? { names: tagged.dictionary.filter((tag) => !has.has(tag.id)).map(({ name }) => name) }
      : null,
    typed: '',
    error: null,
  };
}
