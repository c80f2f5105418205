import { postResetLetter } from '../src/auth/auth.ts';
import type { Handler } from './handler.ts';

export const passwordLetter: Handler<'password.letter'> = {
  run: ({ services, payload }) => postResetLetter(services, payload.email),
};
