/** What a stream's key may not have, see contracts/stream.ts; and braces, which are templates. */
const ODD = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>"'`\\{}\s]+/gu;
const MAX_CHARS = 160;

/** A key for a stream, proposed after what a source calls it: `My Machine/Temp` is `my-machine/temp`. */
export function keyFrom(...names: readonly string[]): string {
	const segments = names
		.join('/')
		.split('/')
		.map((name) =>
			name
				.replaceAll(ODD, '-')
				.replace(/^-+|-+$/g, '')
				.toLowerCase(),
		);
	return (
		segments
			.filter((name) => name !== '')
			.join('/')
			.slice(0, MAX_CHARS)
			.replace(/\/$/, '') || 'stream'
	);
}
