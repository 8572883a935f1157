import { describe, expect, it } from 'vitest';
import { hash } from '@node-rs/argon2';
import { checkPassword, createPasswords } from './passwords.ts';

describe('a password', () => {
	const f = (password: string, fault?: RegExp) => {
		const check = () => checkPassword(password, { email: 'margaret@plant.example' });
		if (fault) expect(check).toThrow(fault);
		else expect(check).not.toThrow();
	};
	it('of four words is fine', () => f('correct horse battery staple'));
	it('of any script is fine', () => f('четыре слова подряд'));
	it('of eleven characters is short', () => f('abcdefghijk', /has 11 characters/));
	it('is counted in characters, not in bytes', () => f('🔒🔑🗝️🔐', /has \d characters/));
	it('of one character repeated is none', () => f('aaaaaaaaaaaaaaaa', /repeats/));
	it('of two characters repeated is none', () => f('abababababababab', /repeats/));
	it('that is the address is none', () => f('margaret@plant.example', /address/));
	it('that is the name in it with digits is none', () => f('Margaret-2026!', /address/));
	it('without end is refused', () => f('abcdef'.repeat(40), /more than 200/));
	it('that is refused is never repeated in the answer', () => f('canary', /^(?!.*canary)/s));
});

describe('hashes', () => {
	const passwords = createPasswords();
	it('are argon2id of today’s strength', async () => {
		const made = await passwords.hash('correct horse battery staple');
		expect(made).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
		expect(passwords.isOld(made)).toBe(false);
	});
	it('match their password only', async () => {
		const made = await passwords.hash('correct horse battery staple');
		expect(await passwords.matches(made, 'correct horse battery staple')).toBe(true);
		expect(await passwords.matches(made, 'correct horse battery stapl')).toBe(false);
	});
	it('match it typed on another keyboard', async () => {
		const made = await passwords.hash('café olé wörter');
		expect(await passwords.matches(made, 'cafe\u0301 ole\u0301 wo\u0308rter')).toBe(true);
	});
	it('of nobody match nothing, not even what stands in for them', async () => {
		for (const nobody of [null, undefined])
			expect(await passwords.matches(nobody, 'no password of anybody')).toBe(false);
	});
	it('of weaker settings are known as old and still match', async () => {
		const old = await hash('correct horse', { memoryCost: 8192, timeCost: 1, parallelism: 1 });
		expect(passwords.isOld(old)).toBe(true);
		expect(await passwords.matches(old, 'correct horse')).toBe(true);
	});
});
