import * as exports from '../src/exports/exports.ts';
import type { Handler } from './handler.ts';

export const expireExports: Handler<'exports.expire'> = {
  run: ({ services }) => exports.expire(services),
};
