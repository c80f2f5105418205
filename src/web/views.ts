/**
 * Every view by name with the type of its model. A domain adds its own in its `view.ts`:
 * `declare module '../web/views.ts' { interface Views { 'customers/list': ListModel } }`.
 */
export interface Views {
  'web/error': ErrorModel;
}

export interface ErrorModel {
  status: number;
  title: string;
  text: string;
  requestId: string;
}

export type ViewName = Extract<keyof Views, string>;
