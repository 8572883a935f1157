import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Smaller answers fit a packet as they are. */
const MIN_BYTES = 1400;
/** Of both the levels after which time grows faster than the answer shrinks. */
const GZIP_LEVEL = 4;
const BROTLI_QUALITY = 4;

const packGzip = promisify(gzip);
const packBrotli = promisify(brotliCompress);

export interface Packed {
	readonly bytes: Uint8Array<ArrayBuffer>;
	readonly headers: Readonly<Record<string, string>>;
}

/**
 * An answer as the asker takes it: brotli before gzip before plain. Packed on a thread of the pool: a million points
 * would hold up the loop for a second.
 *
 * @param accepts the header Accept-Encoding
 */
export async function pack(text: string, accepts: string): Promise<Packed> {
	const bytes = Buffer.from(text);
	const vary = { vary: 'accept-encoding' };
	const encoding = bytes.length < MIN_BYTES ? undefined : encodingOf(accepts);
	if (encoding === undefined) return { bytes, headers: vary };
	const packed =
		encoding === 'br'
			? await packBrotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } })
			: await packGzip(bytes, { level: GZIP_LEVEL });
	return { bytes: packed, headers: { ...vary, 'content-encoding': encoding } };
}

/** `*` is no promise that somebody can read brotli, so it counts for nothing; `q=0` refuses. */
function encodingOf(accepts: string): 'br' | 'gzip' | undefined {
	const taken = accepts
		.toLowerCase()
		.split(',')
		.map((one) => one.trim().split(/\s*;\s*/))
		.filter(([, weight]) => !/^q=0(\.0*)?$/.test(weight ?? ''))
		.map(([name]) => name);
	return (['br', 'gzip'] as const).find((one) => taken.includes(one));
}
