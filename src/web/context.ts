import type { Request, Response } from 'express';
import type { Company, Locale, Role } from '../tenancy/company.ts';
import type { Member, Scope } from '../tenancy/tenancy.ts';
import type { ApiDoc } from './api-doc.ts';
import type { Format } from './format.ts';
import type { Services } from './services.ts';
import type { Flash } from './session.ts';
import type { ViewName, Views } from './views.ts';

/** What a handler gets: the request, the services, and words and numbers in the reader's language. */
export interface Context {
  readonly req: Request;
  readonly res: Response;
  readonly services: Services;
  /** the moment the request came in; the only clock a handler reads */
  readonly now: Date;
  readonly locale: Locale;
  t(key: string, values?: Record<string, unknown>): string;
  readonly format: Format;
  /** null: nobody is signed in */
  readonly member: Member | null;
  /** Sends the page with this typed model; status 200 unless given. */
  render<Name extends ViewName>(view: Name, model: Views[Name], status?: number): Promise<void>;
  /** 303 to a path of this site; the message is shown once on the next page. */
  redirect(path: string, message?: Flash): void;
  /** The same answer for "is not there" and "is not yours". */
  notFound(): Promise<void>;
}

export interface SignedInContext extends Context {
  readonly member: Member;
}

export interface CompanyContext extends SignedInContext {
  readonly company: Company;
  readonly role: Role;
  /** whether this person may do this here, with the plan counted in; templates hide what is not allowed */
  may(permission: CompanyPermission): boolean;
}

export interface ApiContext {
  readonly req: Request;
  readonly res: Response;
  readonly services: Services;
  readonly now: Date;
  readonly company: Company;
  readonly keyId: string;
  /** the key is the portal's, not the company's own */
  readonly portal: boolean;
}

/** What is told to us by a program that signs it: no person, no session, no form of ours. */
export interface HookContext {
  readonly req: Request;
  readonly res: Response;
  readonly services: Services;
  /** the moment the request came in */
  readonly now: Date;
  /** as it was sent: signatures are of bytes */
  readonly body: string;
}

/** What a role allows inside a company (DESIGN: roles). All but `customers:write` and `campaigns:send` work without a paid plan too (P-05). */
export type CompanyPermission =
  | 'customers:read'
  | 'customers:write'
  | 'exports:create'
  | 'campaigns:send'
  | 'settings:manage';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a path parameter names; the cross-company test puts another company's ids there. */
export type IdKind =
  | 'customer'
  /** one that was deleted and can be brought back */
  | 'deleted'
  | 'duplicate'
  | 'decision'
  | 'proposal'
  | 'order'
  | 'sender'
  | 'suppression'
  | 'tag'
  | 'bulk'
  | 'message'
  | 'feedback'
  | 'review'
  | 'ownReview'
  | 'export'
  | 'import'
  | 'campaign'
  /** one that was not launched */
  | 'draft'
  | 'notice'
  | 'user'
  | 'invitation'
  | 'key'
  | 'company'
  | 'case'
  | 'objection'
  | 'signIn'
  | 'slug'
  | 'job'
  | 'segment'
  | 'token';

interface Address {
  readonly method: Method;
  /** Express 5 path */
  readonly path: string;
  readonly ids?: Readonly<Record<string, IdKind>>;
  /** A form with a file of at most so many bytes: `uploadOf(ctx.req)`. */
  readonly upload?: number;
}

type Done = Promise<void> | void;

/** One row of the route table. A row without a permission does not compile. */
export type Route = Address &
  (
    | { readonly permission: 'public' | 'loopback'; readonly handler: (ctx: Context) => Done }
    | { readonly permission: 'webhook'; readonly handler: (ctx: HookContext) => Done }
    | { readonly permission: 'signed-in' | 'moderator' | 'admin'; readonly handler: (ctx: SignedInContext) => Done }
    | { readonly permission: CompanyPermission; readonly handler: (ctx: CompanyContext) => Done }
    | { readonly permission: `api:${Scope}`; readonly handler: (ctx: ApiContext) => Done; readonly doc: ApiDoc }
  );
