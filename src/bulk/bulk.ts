export { clearTag } from './clear-tag.ts';
