declare module '../web/views.ts' {
  interface Views {
    'auth/login': LoginModel;
  }
}

export interface LoginModel {
  email: string;
  /** where to go afterwards */
  next: string;
  error: string | null;
}
