import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { secretOption } from './secret.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'secret-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const options = z.strictObject({ user: z.string(), password: secretOption });

describe('an option that is a secret', () => {
	it('is the text itself', () =>
		expect(options.parse({ user: 'scope', password: 'hunter2' }).password.reveal()).toBe('hunter2'));
	it('never stands in what is logged of the options', () =>
		expect(JSON.stringify(options.parse({ user: 'scope', password: 'hunter2' }))).toBe(
			'{"user":"scope","password":"[redacted]"}',
		));
	it('is read from its file, anew each time', () => {
		const file = join(folder, 'mqtt');
		const { password } = options.parse({ user: 'scope', password: `file:${file}` });
		writeFileSync(file, 'first\n');
		expect(password.reveal()).toBe('first');
		writeFileSync(file, 'second\n');
		expect(password.reveal()).toBe('second');
	});
	it('may have a file that comes later, and says which one is missing', () => {
		const { password } = options.parse({ user: 'scope', password: `file:${join(folder, 'none')}` });
		expect(() => password.reveal()).toThrow(/^cannot read secret ".*none": ENOENT/);
	});
});
