import type { CompanyReader } from '../tenancy/handles.ts';
import { MOST_TAGS } from './edit.ts';
import * as sql from './sql.ts';

export { type ChipModel, chip, type EditorModel, editorModel, type RefusedTag } from './chip-view.ts';
export {
  byName,
  type Cleared,
  clearSome,
  create,
  ensure,
  find,
  leave,
  MOST_TAGS,
  save,
  tagCustomer,
  tagOrder,
  untagCustomer,
  untagOrder,
} from './edit.ts';
export { tagField } from './input.ts';
export { carry, takeBack } from './merged.ts';
export { type Carried, COLOURS, type Colour, disclaimed, type TagRow } from './sql.ts';
export { ofCustomers, ofOrders, type Tagged } from './tagged.ts';

/** All tags of the company, by name. */
export const dictionary = (db: CompanyReader) => db.query<sql.TagRow>(sql.dictionary(MOST_TAGS));

/** What each tag is called, by its id. */
export async function names(db: CompanyReader): Promise<Map<string, string>> {
  return new Map((await dictionary(db)).map(({ id, name }) => [id, name]));
}
