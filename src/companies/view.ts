declare module '../web/views.ts' {
  interface Views {
    'companies/list': OwnCompaniesModel;
  }
}

export interface OwnCompaniesModel {
  /** works for the portal: needs no company */
  moderator: boolean;
  companies: { id: string; name: string; role: string; current: boolean }[];
}
