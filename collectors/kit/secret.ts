import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { createSecret } from '#contracts/secret.ts';

/**
 * An option that is a secret: the text itself, or `file:/run/secrets/x`. What the schema gives is a `Secret`: ask it
 * with `reveal()` at each connection, so that a rotated file counts, and let what it throws end the start: it names the
 * file, and the start is tried again.
 */
export const secretOption = z
	.string()
	.min(1)
	.transform((text) => createSecret(text, (path) => readFileSync(path, 'utf8')));
