import type { Choice } from '../web/form.ts';

declare module '../web/views.ts' {
  interface Views {
    'auth/login': LoginModel;
    'auth/forgot': ForgotModel;
    'auth/reset': ResetModel;
    'auth/dead-link': DeadLinkModel;
    'auth/join': JoinModel;
    'auth/join-sign-in': JoinModel;
    'auth/join-new': JoinNewModel;
    'auth/profile': ProfileModel;
    'auth/code': { error: string | null };
    'auth/security': SecurityModel;
    'auth/security-setup': SecuritySetupModel;
    'auth/security-codes': SecurityCodesModel;
    'auth/security-ask': SecurityAskModel;
    'auth/sessions': SessionsModel;
  }
}

type Errors = Record<string, string>;

export interface LoginModel {
  email: string;
  /** where to go afterwards */
  next: string;
  error: string | null;
}

export interface ForgotModel {
  email: string;
  /** the letter is on its way, if there is such an account */
  sent: boolean;
  error: string | null;
}

export interface ResetModel {
  token: string;
  errors: Errors;
}

export interface DeadLinkModel {
  text: string;
  /** null: there is nothing to be asked for again */
  again: string | null;
}

export interface JoinModel {
  token: string;
  company: string;
  role: string;
  /** whom the letter was sent to */
  invited: string;
  /** who is signed in; null: nobody */
  you: string | null;
  /** somebody else than the letter was sent to is signed in */
  stranger: boolean;
}

export interface JoinNewModel extends JoinModel {
  values: Errors;
  errors: Errors;
}

export interface ProfileModel {
  email: string;
  name: string;
  locales: Choice[];
  errors: Errors;
}

export interface SecurityModel {
  email: string;
  /** null: there is no second factor */
  since: string | null;
  left: string | null;
  /** it is time for new recovery codes */
  few: boolean;
  /** who wants it before one may go on; null: nobody */
  due: string | null;
  /** why it cannot be turned off; null: it can */
  wanted: string | null;
  errors: Errors;
}

export interface SecuritySetupModel {
  /** the QR code, as the address of a picture */
  picture: string;
  secret: string;
  /** for an app on this very device */
  address: string;
  errors: Errors;
}

export interface SecurityCodesModel {
  title: string;
  done: string;
  codes: string[];
  /** all of them as a text to be kept, as an address */
  file: string;
}

export interface SecurityAskModel {
  title: string;
  text: string;
  submit: string;
  action: string;
  danger: boolean;
  email: string;
  errors: Errors;
}

export interface SessionsModel {
  sessions: {
    id: string;
    where: string;
    address: string;
    since: string;
    seen: string;
    /** the one that asks */
    here: boolean;
  }[];
  others: boolean;
}
