import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pack } from './compress.ts';

const LONG = JSON.stringify(Array.from({ length: 2000 }, (_, i) => i));

describe('an answer', () => {
	const f = async (accepts: string, want: string | undefined, text = LONG) => {
		const { bytes, headers } = await pack(text, accepts);
		expect(headers['content-encoding']).toBe(want);
		const unpack = want === 'br' ? brotliDecompressSync : want === 'gzip' ? gunzipSync : (plain: Uint8Array) => plain;
		expect(Buffer.from(unpack(bytes)).toString()).toBe(text);
	};
	it('is plain for who says nothing', () => f('', undefined));
	it('is packed by gzip for who takes it', () => f('gzip, deflate', 'gzip'));
	it('is packed by brotli for who takes both', () => f('gzip, deflate, br', 'br'));
	it('is never packed by what is refused', () => f('br;q=0, gzip;q=0.5', 'gzip'));
	it('is plain for who would take anything', () => f('*', undefined));
	it('is plain when it is short', () => f('gzip, br', undefined, '{}'));
	it('says that it depends on who asks', async () =>
		expect((await pack('{}', '')).headers.vary).toBe('accept-encoding'));
});
