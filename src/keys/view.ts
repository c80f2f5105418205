import type { Choice } from '../web/form.ts';

declare module '../web/views.ts' {
  interface Views {
    'keys/made': MadeKeyModel;
    'keys/revocation': ConfirmModel;
  }
}

type Words = Record<string, string>;

/** The list with its form, as the partial `keys` shows it. */
export interface KeysModel {
  /** of the list; everything else is below it */
  path: string;
  keys: { id: string; name: string; hint: string; scopes: string; made: string; used: string }[];
  scopes: (Choice & { text: string })[];
  values: Words;
  errors: Words;
  example: string;
}

export interface MadeKeyModel {
  title: string;
  name: string;
  key: string;
  back: string;
}
