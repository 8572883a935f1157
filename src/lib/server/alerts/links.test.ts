import { describe, expect, it } from 'vitest';
import { createLinks } from './links.ts';
import { START } from './testing/desk.ts';

const DAY = 24 * 3_600_000_000;

describe('links in alerts', () => {
	const links = createLinks(Buffer.from('a key of links'));
	const token = links.sign({ violationId: 'v1', channel: 'ops.slack.1' }, START);
	it('allow one act on one violation', () =>
		expect(links.read(token, START + DAY)).toMatchObject({ act: 'acknowledge', violationId: 'v1' }));
	it('are the same with every attempt', () =>
		expect(links.sign({ violationId: 'v1', channel: 'ops.slack.1' }, START)).toBe(token));
	it('end', () => expect(links.read(token, START + 8 * DAY)).toBeUndefined());
	it('are none with another key', () => expect(createLinks(Buffer.from('another')).read(token, START)).toBeUndefined());
	it('are none when somebody wrote another violation into one', () => {
		const body = Buffer.from(JSON.stringify(['acknowledge', 'v2', 'x', 9e9])).toString('base64url');
		expect(links.read(`${body}.${token.split('.')[1]}`, START)).toBeUndefined();
	});
	it.each(['', '.', 'x', 'a.b.c', `${'A'.repeat(5000)}.B`])('%j is none', (text) =>
		expect(links.read(text, START)).toBeUndefined(),
	);
});
