import { isFull } from '../platform/errors.ts';
import { log } from '../platform/log.ts';
import type { CompanyContext } from '../web/context.ts';
import { uploadOf } from '../web/upload.ts';
import { bring } from './bring.ts';
import { FileError } from './read/file-error.ts';
import { faultText, newModel } from './view.ts';

export function showNew(ctx: CompanyContext): Promise<void> {
  return ctx.render('imports/new', newModel(ctx, null));
}

/** Takes the file in; what it holds is looked at on the next page (C-13). */
export async function create(ctx: CompanyContext): Promise<void> {
  const { t, services, company, member, req } = ctx;
  const upload = uploadOf(req);
  if (!upload || upload.name === '') return refuse(ctx, t('imports.upload.choose'));
  try {
    const brought = await bring(services, company, member.user.id, upload);
    if (!brought) return refuse(ctx, t('imports.upload.tooBig'));
    ctx.redirect(`/imports/${brought.id}`);
  } catch (error) {
    if (error instanceof FileError) return refuse(ctx, faultText(ctx, error.code, error.line));
    if (!isFull(error)) throw error;
    log.error({ err: error }, 'there is no room for files');
    return refuse(ctx, t('imports.upload.full'), 507);
  }
}

const refuse = (ctx: CompanyContext, error: string, status = 422): Promise<void> =>
  ctx.render('imports/new', newModel(ctx, error), status);
