import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { RetriableError } from './error.ts';
import { createSecret } from './secret.ts';

describe('a secret', () => {
	it('shows itself to nobody who does not ask', () => {
		const secret = createSecret('hunter2', () => '');
		expect(
			[String(secret), JSON.stringify({ secret }), inspect({ secret }), Object.entries(secret)].join(),
		).not.toContain('hunter2');
		expect(secret.reveal()).toBe('hunter2');
	});
	it('in a file is read when it is asked for, each time', () => {
		const files = ['one\n', 'two\r\n'];
		const secret = createSecret('file:/run/secrets/x', (path) => `${path}=${files.shift()}`);
		expect([secret.reveal(), secret.reveal()]).toEqual(['/run/secrets/x=one', '/run/secrets/x=two']);
	});
	it('keeps all of its lines but the end of the last', () =>
		expect(createSecret('file:key.pem', () => 'a\nb\n\n').reveal()).toBe('a\nb\n'));
	it('in a file that is not there may come later', () =>
		expect(() =>
			createSecret('file:/x', () => {
				throw new Error('ENOENT');
			}).reveal(),
		).toThrow(new RetriableError('cannot read secret "/x": ENOENT')));
	it('in an empty file is none', () =>
		expect(() => createSecret('file:/x', () => '\n').reveal()).toThrow('cannot use secret "/x": the file is empty'));
});
