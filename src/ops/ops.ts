export { machineRoom } from './machine-room.ts';
