import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { RequestHandler } from 'express';
import { rootPath } from '../platform/root.ts';

interface Asset {
  readonly body: Buffer;
  readonly type: string;
  readonly url: string;
  /** compressed when first asked for, then kept */
  readonly packed: Map<string, Promise<Buffer>>;
}

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
};

const assets = new Map<string, Asset>();
const byUrl = new Map<string, Asset>();

for (const name of readdirSync(rootPath('public'))) {
  if (extname(name) in TYPES) add(name, readFileSync(rootPath('public', name)));
}
addOfPackage('@tabler/core', 'dist/css/tabler.min.css', 'tabler.css');
addOfPackage('htmx.org', 'dist/htmx.min.js', 'htmx.js');

/** The address of a file of `public/` or of a package; it changes with the content. Throws for a name nobody serves. */
export function assetUrl(name: string): string {
  const asset = assets.get(name);
  if (!asset) throw new Error(`There is no asset "${name}"`);
  return asset.url;
}

/** Serves them from memory; a browser that has one never asks again. */
export function serveAssets(): RequestHandler {
  return async (req, res, next) => {
    const asset = req.method === 'GET' || req.method === 'HEAD' ? byUrl.get(req.path) : undefined;
    if (!asset) return next();
    const encoding = req.acceptsEncodings('br', 'gzip', 'identity');
    const packed = encoding === 'br' || encoding === 'gzip';
    res.set({
      'Content-Type': asset.type,
      'Cache-Control': 'public, max-age=31536000, immutable',
      'Cross-Origin-Resource-Policy': 'same-origin',
      Vary: 'Accept-Encoding',
      ...(packed ? { 'Content-Encoding': encoding } : {}),
    });
    res.end(packed ? await pack(asset, encoding) : asset.body);
  };
}

function add(name: string, body: Buffer): void {
  const version = createHash('sha256').update(body).digest('hex').slice(0, 12);
  const type = TYPES[extname(name)] ?? 'application/octet-stream';
  const asset = { body, type, url: `/assets/${version}/${name}`, packed: new Map() };
  assets.set(name, asset);
  byUrl.set(asset.url, asset);
}

function addOfPackage(packageName: string, file: string, name = file): void {
  const home = dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`));
  const text = readFileSync(join(home, file), 'utf8');
  // Source maps are not served: a browser's developer tools would only meet errors.
  add(name, Buffer.from(text.replace(/\n?(?:\/\*|\/\/)# sourceMappingURL=\S+(?: \*\/)?\s*$/, '')));
}

function pack(asset: Asset, encoding: 'br' | 'gzip'): Promise<Buffer> {
  const compress = () =>
    encoding === 'br' ? promisify(brotliCompress)(asset.body, BROTLI) : promisify(gzip)(asset.body);
  const packed = asset.packed.get(encoding) ?? compress();
  asset.packed.set(encoding, packed);
  return packed;
}

// The highest quality takes seconds for Tabler and saves little over this one.
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } };
