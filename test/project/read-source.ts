import { parseSync } from '@swc/core';

export interface Imported {
  /** As written: `../platform/db.ts`, `pg`. */
  from: string;
}

export interface Source {
  imports: Imported[];
  names: { sqlTag: boolean; members: Set<string> };
}

/** What a TypeScript file imports (types too, and `import()`), and which names it reaches for. */
export function read(path: string, source: string): Source {
  const found: Source = { imports: [], names: { sqlTag: false, members: new Set() } };
  try {
    visit(parseSync(source, { syntax: 'typescript', target: 'es2022' }), found);
  } catch (error) {
    throw new Error(`${path} cannot be parsed: ${String(error)}`);
  }
  return found;
}

/** The syntax tree is walked as plain data: every object with a `type` is a node. */
function visit(node: unknown, found: Source): void {
  if (Array.isArray(node)) for (const one of node) visit(one, found);
  else if (typeof node === 'object' && node !== null) {
    note(node as Node, found);
    for (const child of Object.values(node)) visit(child, found);
  }
}

interface Node {
  type?: string;
  source?: { value: string } | null;
  callee?: Node;
  arguments?: { expression: { type: string; value?: string } }[];
  argument?: { value?: string };
  tag?: { type: string; value?: string };
  property?: { type: string; value?: string };
  key?: { type: string; value?: string };
  value?: unknown;
}

function note(node: Node, { imports, names }: Source): void {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      if (node.source) imports.push({ from: node.source.value });
      break;
    case 'CallExpression':
      if (node.callee?.type === 'Import') imports.push({ from: node.arguments?.[0]?.expression.value ?? '' });
      break;
    case 'TsImportType':
      imports.push({ from: node.argument?.value ?? '' });
      break;
    case 'TaggedTemplateExpression':
      if (node.tag?.value === 'sql') names.sqlTag = true;
      break;
    case 'MemberExpression':
      if (node.property?.type === 'Identifier') names.members.add(node.property.value ?? '');
      break;
    case 'KeyValuePatternProperty':
    case 'AssignmentPatternProperty':
      if (node.key?.type === 'Identifier') names.members.add(node.key.value ?? '');
      break;
  }
}
