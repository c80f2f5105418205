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
