import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { QuotaError } from '#contracts/error.ts';
import type { Who } from '#contracts/principal.ts';
import { createDisplays } from './displays.ts';
import { Refusal, type Identity } from './port.ts';

const FROM = { address: '10.0.0.7', agent: 'wall' };
const ANN = { id: 'person:1', name: 'Ann' } as Who;

function create() {
	let nowMicros = 0;
	const made: object[] = [];
	/** Stands where the keyring is: who may make which key is proven there. */
	const createKey = async (...[, key]: Parameters<Identity['createKey']>) => {
		made.push(key);
		return { secret: `sigma_${made.length}` };
	};
	const displays = createDisplays({ createKey, now: () => nowMicros, random: randomBytes });
	return { displays, made, pass: (seconds: number) => (nowMicros += seconds * 1e6) };
}

describe('a screen', () => {
	it('waits until its code is typed, then gets a key for one site, once', async () => {
		const { displays, made } = create();
		const { code, claim } = displays.askForDisplay(FROM);
		expect(displays.claimDisplay(claim)).toBe('waiting');
		await displays.approveDisplay(
			ANN,
			{ code: ` ${code.toLowerCase().replace('-', ' ')} `, name: 'Wall', site: 'a' },
			FROM,
		);
		expect(made).toEqual([{ name: 'Wall', site: 'a', scopes: ['display'], expiresMicros: null }]);
		expect(displays.claimDisplay(claim)).toEqual({ key: 'sigma_1' });
		expect(displays.claimDisplay(claim)).toBeUndefined();
	});
	it('shows a code that can be read and typed', () => {
		const { displays, pass } = create();
		for (let i = 0; i < 200; i++) {
			expect(displays.askForDisplay(FROM).code).toMatch(/^[2-9A-HJ-NP-TV-Z]{3}-[2-9A-HJ-NP-TV-Z]{3}$/);
			pass(7);
		}
	});
	it('is not let in by its code, nor by another’s claim', async () => {
		const { displays } = create();
		const [mine, other] = [displays.askForDisplay(FROM), displays.askForDisplay(FROM)];
		await displays.approveDisplay(ANN, { code: mine.code, name: 'Wall', site: 'a' }, FROM);
		expect([displays.claimDisplay(mine.code), displays.claimDisplay(other.claim)]).toEqual([undefined, 'waiting']);
	});
	it('has ten minutes', async () => {
		const { displays, pass } = create();
		const { code, claim } = displays.askForDisplay(FROM);
		pass(600);
		expect(displays.claimDisplay(claim)).toBeUndefined();
		await expect(displays.approveDisplay(ANN, { code, name: 'Wall', site: 'a' }, FROM)).rejects.toThrow(Refusal);
	});
	it('is let in by one only: a code works once', async () => {
		const { displays } = create();
		const { code } = displays.askForDisplay(FROM);
		const typed = () => displays.approveDisplay(ANN, { code, name: 'Wall', site: 'a' }, FROM);
		await typed();
		await expect(typed()).rejects.toThrow(Refusal);
	});
	it('that asks again and again waits', () => {
		const { displays } = create();
		for (let i = 0; i < 10; i++) displays.askForDisplay(FROM);
		expect(() => displays.askForDisplay(FROM)).toThrow(QuotaError);
		expect(() => displays.askForDisplay({ ...FROM, address: '10.0.0.8' })).not.toThrow();
	});
	it('is one of a hundred at most that wait', () => {
		const { displays } = create();
		for (let i = 0; i < 100; i++) displays.askForDisplay({ ...FROM, address: `10.0.1.${i}` });
		expect(() => displays.askForDisplay({ ...FROM, address: '10.0.2.1' })).toThrow(QuotaError);
	});
	it('whose code somebody guesses: after ten guesses he waits', async () => {
		const { displays } = create();
		const guess = () =>
			displays.approveDisplay(ANN, { code: 'AAA-AAA', name: 'Wall', site: 'a' }, FROM).catch((e: unknown) => e);
		for (let i = 0; i < 10; i++) expect(await guess()).toBeInstanceOf(Refusal);
		expect(await guess()).toBeInstanceOf(QuotaError);
	});
});
