import { describe, expect, it } from 'vitest';
import { createLinks } from './links.ts';
import { START } from './testing/desk.ts';

const DAY = 24 * 3_600_000_000;

describe('links in alerts', () => {
	const links = createLinks(Buffer.from('a key of links'));
	const grant = { act: 'acknowledge', violationId: 'v1', channel: 'ops.slack.1' } as const;
	const token = links.sign(grant, START);
	const read = (text: string, at = START) => links.read(text, 'acknowledge', at);
	it('allow one act on one violation', () =>
		expect(read(token, START + DAY)).toMatchObject({ act: 'acknowledge', violationId: 'v1' }));
	it('are the same with every attempt', () => expect(links.sign(grant, START)).toBe(token));
	it('are for nothing else: who may look may not acknowledge, nor the other way round', () => {
		const look = links.sign({ ...grant, act: 'chart' }, START);
		expect([read(look), links.read(token, 'chart', START)]).toEqual([undefined, undefined]);
		expect(links.read(look, 'chart', START)).toMatchObject({ act: 'chart', violationId: 'v1' });
	});
	it('end', () => expect(read(token, START + 8 * DAY)).toBeUndefined());
	it('are none with another key', () =>
		expect(createLinks(Buffer.from('another')).read(token, 'acknowledge', START)).toBeUndefined());
	it('are none when somebody wrote another violation into one', () => {
		const body = Buffer.from(JSON.stringify(['acknowledge', 'v2', 'x', 9e9])).toString('base64url');
		expect(read(`${body}.${token.split('.')[1]}`)).toBeUndefined();
	});
	it.each(['', '.', 'x', 'a.b.c', `${'A'.repeat(5000)}.B`])('%j is none', (text) => expect(read(text)).toBeUndefined());
});
