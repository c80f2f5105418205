/**
 * Every view by name with the type of its model. A domain adds its own in its `view.ts`:
 * `declare module '../web/views.ts' { interface Views { 'customers/list': ListModel } }`.
 * The page's title is the model's `title`, or the words at `<domain>.<view>.title`.
 */
export interface Views {
  'web/error': ErrorModel;
  'web/foreign-company': ForeignCompanyModel;
}

export interface ErrorModel {
  status: number;
  title: string;
  text: string;
  requestId: string;
}

export interface ForeignCompanyModel {
  title: string;
  /** of the form; null: the person is no member of it (any more) */
  formCompany: string | null;
  nowCompany: string;
  /** where the form wanted to go */
  action: string;
  /** everything that was typed */
  fields: { name: string; value: string }[];
}

/** The page of the partial `confirm`: a second question before what cannot be undone. */
export interface ConfirmModel {
  title: string;
  text: string;
  /** where the form goes */
  action: string;
  back: string;
  submit: string;
  error: string | null;
}

export type ViewName = Extract<keyof Views, string>;
