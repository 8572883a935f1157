import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

/** Pictures of pages as they are meant to be. `UPDATE_PICTURES=1` writes them anew; look at the difference before you commit. */
const FOLDER = join(import.meta.dirname, 'pictures');
/** How far a pixel may be from its own: below it are the last bits of a blend, above it other ink. */
const THRESHOLD = 0.12;
/** Of all pixels. A mark is more, what another version of the browser rounds elsewhere is less. */
const MOST_DIFFERENT = 0.001;

export interface Compared {
	/** Share of the pixels that differ; undefined where the picture is new. */
	readonly different: number | undefined;
	/** What to say when they are too many: where the three pictures lie. */
	readonly words: string;
	readonly isSame: boolean;
}

/**
 * Compares at half the size: what letters look like in detail is the browser's business and differs between its versions; where
 * they stand, and in what colour, is ours. It also keeps the repository small.
 *
 * @param name of the file under tests/e2e/pictures, without its end
 * @param options.isCoarse at a quarter: where many are kept
 * @param taken undefined where there was nothing to take a picture of
 */
export function comparePicture(
	name: string,
	taken: PNG | undefined,
	options: { readonly update: boolean; readonly isCoarse?: boolean },
): Compared {
	if (taken === undefined) return { different: 1, words: `there is no ${name}`, isSame: false };
	const file = join(FOLDER, `${name}.png`);
	const now = options.isCoarse ? halved(halved(taken)) : halved(taken);
	if (options.update || !existsSync(file)) {
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, PNG.sync.write(now, { deflateLevel: 9 }));
		return { different: undefined, words: `${file} is new`, isSame: options.update };
	}
	const meant = PNG.sync.read(readFileSync(file));
	if (meant.width !== now.width || meant.height !== now.height)
		return kept(name, now, {
			different: 1,
			words: `${name} is ${now.width} × ${now.height}, not ${meant.width} × ${meant.height}`,
			isSame: false,
		});
	const difference = new PNG({ width: now.width, height: now.height });
	const { width, height } = now;
	const count = pixelmatch(meant.data, now.data, difference.data, width, height, { threshold: THRESHOLD });
	const different = count / (width * height);
	const isSame = different <= MOST_DIFFERENT;
	const words = `${(100 * different).toFixed(2)} % of ${name} differs (${100 * MOST_DIFFERENT} % may)`;
	return kept(name, isSame ? undefined : now, { different, words, isSame }, difference);
}

/** What was taken and where it differs, for who has to look. */
function kept(name: string, now: PNG | undefined, compared: Compared, difference?: PNG): Compared {
	if (now === undefined) return compared;
	const folder = join(import.meta.dirname, '../../node_modules/.cache/pictures', dirname(name));
	mkdirSync(folder, { recursive: true });
	const base = join(folder, name.slice(dirname(name) === '.' ? 0 : dirname(name).length + 1));
	writeFileSync(`${base}.now.png`, PNG.sync.write(now));
	if (difference) writeFileSync(`${base}.difference.png`, PNG.sync.write(difference));
	return { ...compared, words: `${compared.words}; see ${base}.*.png` };
}

/** Each pixel is the mean of four. */
export function halved(png: PNG): PNG {
	const [width, height] = [png.width >> 1, png.height >> 1];
	const half = new PNG({ width, height });
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++)
			for (let c = 0; c < 4; c++) {
				const at = (2 * y * png.width + 2 * x) * 4 + c;
				const below = at + png.width * 4;
				const sum = (png.data[at] ?? 0) + (png.data[at + 4] ?? 0) + (png.data[below] ?? 0) + (png.data[below + 4] ?? 0);
				half.data[(y * width + x) * 4 + c] = (sum + 2) >> 2;
			}
	return half;
}
