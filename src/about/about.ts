export { tellPerson } from './tell.ts';
