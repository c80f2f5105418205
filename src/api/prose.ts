/** A piece of a sentence; `code` where it stood between backticks. */
export interface Piece {
  text: string;
  code: boolean;
}

/** A paragraph, a heading, or lines to type; one of the three. */
export interface Block {
  heading?: string;
  lines?: string;
  pieces?: Piece[];
}

export function pieces(text: string): Piece[] {
  return text
    .split('`')
    .map((each, n) => ({ text: each, code: n % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}

/** The little Markdown our own texts use: `##`, paragraphs, lines indented by four blanks, backticks. */
export function blocks(markdown: string): Block[] {
  return markdown.split(/\n{2,}/).map((block) => {
    if (block.startsWith('## ')) return { heading: block.slice(3) };
    if (block.startsWith('    ')) return { lines: block.replace(/^ {4}/gm, '') };
    return { pieces: pieces(block.replaceAll('\n', ' ')) };
  });
}
