import { expect, it } from 'vitest';
import { createBar } from './bar.ts';

it('a download is written over on a terminal, and a line every ten seconds elsewhere', () => {
	const shown = (isTTY: boolean, at: readonly number[]) => {
		let [now, text] = [0, ''];
		const bar = createBar({ screen: { isTTY, write: (more: string) => (text += more) }, nowMs: () => now });
		for (now of at) bar.show({ bytes: 3 * 2 ** 20, share: now === 0 ? undefined : 0.259 });
		bar.end();
		return text;
	};
	expect(shown(true, [0, 100, 300])).toBe('\r3.0 MiB\u001b[K\r3.0 MiB, about 25 %\u001b[K\n');
	expect(shown(false, [0, 9000, 11_000, 12_000])).toBe('3.0 MiB, about 25 %\n');
});
