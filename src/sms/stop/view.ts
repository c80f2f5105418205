import { phoneHint } from '../../kernel/phone-key.ts';
import type { Context } from '../../web/context.ts';
import type { Link } from './link.ts';
import { mayUndo } from './undo.ts';

declare module '../../web/views.ts' {
  interface Views {
    'stop/show': NameModel;
    'stop/moment': NameModel;
    'stop/done': DoneModel;
    'stop/undone': NameModel;
    'stop/unknown': object;
    'stop/busy': object;
  }
}

/** All that is said of the two: whoever finds the address learns nothing about a customer. */
interface NameModel {
  path: string;
  company: string;
  /** the last two digits of the number */
  hint: string;
}

interface DoneModel extends NameModel {
  canUndo: boolean;
}

export const nameModel = ({ req }: Context, { company, address }: Link): NameModel => ({
  path: `/u/${encodeURIComponent(String(req.params.code))}`,
  company: company.name,
  hint: phoneHint(address),
});

export const doneModel = (ctx: Context, link: Link): DoneModel => ({
  ...nameModel(ctx, link),
  canUndo: mayUndo(link, ctx.now),
});
