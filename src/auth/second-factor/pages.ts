import { renderSVG } from 'uqr';
import { z } from 'zod';
import type { SignedInContext } from '../../web/context.ts';
import { FieldError, line, nothingTyped, type Refusal, submit } from '../../web/form.ts';
import { secondFactorDue } from '../../web/second-factor-due.ts';
import { checkCurrent, goOn } from '../again.ts';
import { findUser } from '../users.ts';
import { prove, proveDraft } from './prove.ts';
import { seal, unseal } from './seal.ts';
import { isWantedByCompany, renewCodes, stateOf, turnOff, turnOn } from './second-factor.ts';
import { addressOf, makeSecret } from './totp.ts';

const DRAFT = 15 * 60_000;

const current = z.string('web.form.required').min(1, 'web.form.required');
const password = z.object({ current });
const both = z.object({ current, code: line(40) });

export function show(ctx: SignedInContext): Promise<void> {
  return overview(ctx, nothingTyped);
}

/** Turning on begins with the password: a browser left open must not be enough to lock its owner out. */
export async function begin(ctx: SignedInContext): Promise<void> {
  if (ctx.member.factorStamp !== null) return ctx.redirect('/profile/security/device');
  const outcome = await submit(ctx, password, (form) => checkCurrent(ctx, form.current));
  if ('errors' in outcome) return overview(ctx, outcome);
  draft(ctx);
}

export async function showSetup(ctx: SignedInContext): Promise<void> {
  const secret = draftOf(ctx);
  if (!secret) return ctx.redirect('/profile/security');
  await setup(ctx, secret, nothingTyped);
}

/** The first code shows that the app has the secret: only now it counts. */
export async function confirm(ctx: SignedInContext): Promise<void> {
  const { services, member, now, req } = ctx;
  const secret = draftOf(ctx);
  if (!secret) return ctx.redirect('/profile/security');
  const { id } = member.user;
  const outcome = await submit(ctx, z.object({ code: line(40) }), async ({ code }) => {
    const step = await proveDraft(ctx, id, secret, code);
    const sealed = seal(secret, id, services.secrets);
    return services.tenancy.inPortal((db) => turnOn(db, id, { sealed, step, now }));
  });
  if ('errors' in outcome) return setup(ctx, secret, outcome);
  delete req.session.factorDraft;
  await stay(ctx);
  await codes(ctx, outcome.saved, member.factorStamp === null ? 'on' : 'changed');
}

export const askCodes = (ctx: SignedInContext) => ask(ctx, 'codes', nothingTyped);
export const askDevice = (ctx: SignedInContext) => ask(ctx, 'device', nothingTyped);
export const askRemoval = (ctx: SignedInContext) => ask(ctx, 'removal', nothingTyped);

export async function makeNewCodes(ctx: SignedInContext): Promise<void> {
  const { id } = ctx.member.user;
  const outcome = await proved(ctx, () => ctx.services.tenancy.inPortal((db) => renewCodes(db, id)));
  if (!outcome) return ctx.redirect('/profile/security');
  if ('errors' in outcome) return ask(ctx, 'codes', outcome);
  await codes(ctx, outcome.saved, 'codes');
}

/** Another app, or another phone; the one before goes on until the new one has shown a code. */
export async function changeDevice(ctx: SignedInContext): Promise<void> {
  const outcome = await proved(ctx, async () => null);
  if (!outcome) return ctx.redirect('/profile/security');
  if ('errors' in outcome) return ask(ctx, 'device', outcome);
  draft(ctx);
}

export async function remove(ctx: SignedInContext): Promise<void> {
  const { services, member, t } = ctx;
  if (await whoWantsIt(ctx)) return ctx.redirect('/profile/security');
  const outcome = await proved(ctx, () => services.tenancy.inPortal((db) => turnOff(db, member.user.id)));
  if (!outcome) return ctx.redirect('/profile/security');
  if ('errors' in outcome) return ask(ctx, 'removal', outcome);
  await stay(ctx);
  ctx.redirect('/profile/security', { kind: 'done', text: t('auth.secondFactor.turnedOff') });
}

/** Password and code, both, before what changes how one signs in. null: there is no second factor. */
async function proved<Saved>(ctx: SignedInContext, save: () => Promise<Saved>) {
  const { member } = ctx;
  if (member.factorStamp === null) return null;
  return submit(ctx, both, async (form) => {
    await checkCurrent(ctx, form.current);
    const proof = await prove(ctx, member.user.id, form.code);
    if (proof.by === null)
      throw new FieldError('code', proof.wait > 0 ? 'auth.profile.wait' : 'auth.secondFactor.wrong');
    return save();
  });
}

function draft(ctx: SignedInContext): void {
  const { req, member, services, now } = ctx;
  const sealed = seal(makeSecret(), member.user.id, services.secrets);
  req.session.factorDraft = { sealed, until: now.getTime() + DRAFT };
  ctx.redirect('/profile/security/setup');
}

/** The secret that is being set up in this very session; null: none, or it was begun too long ago. */
function draftOf({ req, member, services, now }: SignedInContext): string | null {
  const { factorDraft } = req.session;
  if (!factorDraft || factorDraft.until < now.getTime()) return null;
  return unseal(factorDraft.sealed, member.user.id, services.secrets)?.text ?? null;
}

/** Every session of the person has ended: this browser goes on in a new one. */
async function stay(ctx: SignedInContext): Promise<void> {
  const user = await ctx.services.tenancy.inPortal((db) => findUser(db, ctx.member.user.id));
  if (user) await goOn(ctx, user);
}

/** Who wants it on, so that it cannot be turned off. */
async function whoWantsIt({ services, member }: SignedInContext): Promise<'portal' | 'company' | null> {
  if ((member.admin || member.moderator) && member.portalWantsSecondFactor) return 'portal';
  return (await services.tenancy.inPortal((db) => isWantedByCompany(db, member.user.id))) ? 'company' : null;
}

async function overview(ctx: SignedInContext, { errors }: Refusal): Promise<void> {
  const { services, member, t, format } = ctx;
  const state = await services.tenancy.inPortal((db) => stateOf(db, member.user.id));
  const wanted = await whoWantsIt(ctx);
  const due =
    ((member.admin || member.moderator) && secondFactorDue(member, 'portal')) || secondFactorDue(member, 'company');
  const model = {
    email: member.user.email,
    since: state && t('auth.secondFactor.since', { day: format.date(state.since) }),
    left: state && t('auth.secondFactor.left', { count: state.left }),
    few: state !== null && state.left < 3,
    due: due && t(`auth.secondFactor.due.${due}`, { company: member.membership?.company.name }),
    wanted: wanted && t(`auth.secondFactor.wanted.${wanted}`),
    errors,
  };
  await ctx.render('auth/security', model, Object.keys(errors).length > 0 ? 422 : 200);
}

function setup(ctx: SignedInContext, secret: string, { errors }: Refusal): Promise<void> {
  const svg = renderSVG(addressOf(secret, ctx.member.user.email), { border: 2 });
  const model = {
    picture: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
    secret: secret.replace(/.{4}(?=.)/g, '$& '),
    address: addressOf(secret, ctx.member.user.email),
    errors,
  };
  ctx.res.set('Cache-Control', 'no-store');
  return ctx.render('auth/security-setup', model, Object.keys(errors).length > 0 ? 422 : 200);
}

/** Shown once: they are kept as hashes. */
function codes(ctx: SignedInContext, shown: string[], news: 'on' | 'changed' | 'codes'): Promise<void> {
  const { t, member } = ctx;
  const lines = [t('auth.secondFactor.fileHead', { email: member.user.email }), '', ...shown, ''].join('\r\n');
  const model = {
    title: t('auth.secondFactor.codesTitle'),
    done: t(`auth.secondFactor.done.${news}`),
    codes: shown,
    file: `data:text/plain;charset=utf-8,${encodeURIComponent(lines)}`,
  };
  ctx.res.set('Cache-Control', 'no-store');
  return ctx.render('auth/security-codes', model);
}

async function ask(ctx: SignedInContext, what: 'codes' | 'device' | 'removal', { errors }: Refusal): Promise<void> {
  const { member, t } = ctx;
  if (member.factorStamp === null) return ctx.redirect('/profile/security');
  if (what === 'removal' && (await whoWantsIt(ctx))) return ctx.redirect('/profile/security');
  const words = (part: string) => t(`auth.secondFactor.ask.${what}.${part}`);
  const model = {
    title: words('title'),
    text: words('text'),
    submit: words('submit'),
    action: `/profile/security/${what}`,
    danger: what === 'removal',
    email: member.user.email,
    errors,
  };
  return ctx.render('auth/security-ask', model, Object.keys(errors).length > 0 ? 422 : 200);
}
