import type { Route } from '../web/context.ts';
import type { Services } from '../web/services.ts';

/** The whole portal, listening for this process alone. */
export interface Inside {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** goes with every request, as `SECRET_HEADER`: without it nothing is answered */
  readonly secret: string;
  readonly routes: readonly Route[];
  /** Answers the cookie of a session that only this portal knows. */
  signIn(who: SignedIn): Promise<string>;
  close(): Promise<void>;
}

export interface SignedIn {
  userId: string;
  passwordStamp: string;
  /** null: no second factor */
  factorStamp: string | null;
  signInId: string;
  companyId: string;
}

/** Where the portal is put together lies above this: it is handed down by whoever starts the process. */
export type OpenInside = (services: Services) => Promise<Inside>;

export const SECRET_HEADER = 'clientele-inside';

export interface Asked {
  method?: 'GET' | 'POST';
  cookie?: string;
  /** of the API */
  key?: string;
  form?: Readonly<Record<string, string>>;
}

export interface Answer {
  status: number;
  location: string;
  text: string;
  cookie: string | null;
}

// More than any page has; of a file that is longer its beginning is looked at.
const MOST_CHARACTERS = 20_000_000;

export async function ask(
  { origin, secret }: Pick<Inside, 'origin' | 'secret'>,
  path: string,
  asked: Asked = {},
): Promise<Answer> {
  const { method = 'GET', cookie, key, form } = asked;
  const headers: Record<string, string> = { [SECRET_HEADER]: secret, 'X-Forwarded-Proto': 'https', Accept: '*/*' };
  if (cookie) headers.Cookie = cookie;
  if (key) headers.Authorization = `Bearer ${key}`;
  const body = form ? { body: new URLSearchParams(form) } : {};
  const response = await fetch(origin + path, { method, headers, redirect: 'manual', ...body });
  return {
    status: response.status,
    location: response.headers.get('location') ?? '',
    text: await beginning(response),
    cookie: response.headers.get('set-cookie')?.split(';')[0] ?? null,
  };
}

async function beginning(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > MOST_CHARACTERS) break;
  }
  return text;
}
