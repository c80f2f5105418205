// What this process would log are the faults themselves. Before everything else is loaded.
process.env.NODE_ENV = 'test';

export {};
