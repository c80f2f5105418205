import type { Request } from 'express';
import { type ListState, parseListState, type StateError } from '../customers/customers.ts';
import type { Segment } from '../segments/segments.ts';
import type { Company } from '../tenancy/company.ts';
import { Problem } from '../web/problem.ts';
import { customersQuery, readQuery } from './query.ts';

/** What the query asks the list for. Throws `Problem` 400 for everything it does not know: a program would not see a chip. */
export function readState(req: Request, company: Company, segments: readonly Segment[]): ListState {
  const { where, updatedSince, ...rest } = readQuery(req, customersQuery);
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) params.set(name, value);
  for (const condition of where) params.append('where', condition);
  const { state, errors } = parseListState(params, company, segments);
  const [error] = errors;
  if (error) throw new Problem(400, complaint(error));
  return { ...state, updatedSince: updatedSince ?? null };
}

function complaint({ parameter, reason, text, piece = text }: StateError): string {
  const given = JSON.stringify(piece.slice(0, 100));
  switch (reason) {
    case 'field':
      return `"where" ${given}: there is no such field.`;
    case 'operator':
      return `"where" ${given}: the field does not know this operator.`;
    case 'value':
      return `"where" ${given}: the operator does not know this value.`;
    case 'brackets':
      return `"where" ${given}: the brackets do not close, or nothing stands in them.`;
    case 'depth':
      return '"where" has more than 3 brackets in one another.';
    case 'tooMany':
      return '"where" is given too often; at most 20 conditions are possible.';
    default:
      return parameter === 'cursor'
        ? '"cursor" is none that an answer gave, or it was made under another sort.'
        : `"${parameter}" ${given} means nothing here.`;
  }
}
