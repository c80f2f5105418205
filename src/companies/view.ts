declare module '../web/views.ts' {
  interface Views {
    'companies/list': OwnCompaniesModel;
  }
}

export interface OwnCompaniesModel {
  companies: { id: string; name: string; role: string; current: boolean }[];
}
