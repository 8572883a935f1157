import type { Logger } from 'pino';
import type { ApiViolation } from '#contracts/api.ts';
import { messageOf } from '#contracts/error.ts';
import type { Language } from '#contracts/language.ts';
import { violationDrawing } from '#lib/drawing/of-violation.ts';
import { spcSvg } from '#lib/drawing/spc-svg.ts';
import { inLanguage } from '#lib/format/in-language.ts';
import type { Pictures } from '../export/port.ts';
import type { Metadata } from '../metadata/port.ts';

/** Wide enough for a mail, small enough for a phone. */
const SIZE = { width: 800, height: 320 };
/** More, for screens that have the pixels. */
const PIXELS = { width: 1200 };
const MOST_KEPT = 32;

/** Charts of violations as PNG. */
export interface ChartImages {
	/** The same one again costs nothing. @returns undefined when it cannot be drawn; the log says why */
	of(violation: ApiViolation, language?: Language): Promise<Uint8Array | undefined>;
}

export interface ChartImageOptions {
	readonly pictures: Pick<Pictures, 'renderPng'>;
	readonly metadata: Pick<Metadata, 'limits'>;
	/** IANA name: whoever gets a mail has none that we know of. */
	readonly timeZone: string;
	readonly log: Logger;
}

/** A violation goes to several channels, and is looked at by several people: it is drawn once. */
export function createChartImages({ pictures, metadata, timeZone, log }: ChartImageOptions): ChartImages {
	const kept = new Map<string, Promise<Uint8Array | undefined>>();

	async function draw(violation: ApiViolation, language: Language): Promise<Uint8Array | undefined> {
		try {
			const versions = await metadata.limits.of(Number(violation.stream.id));
			const limits = versions.find(({ id, chart }) => id === violation.limitsId && chart === violation.chart);
			const svg = inLanguage(language, () =>
				spcSvg({ ...violationDrawing(violation, { timeZone, limits }), size: SIZE }, 'light'),
			);
			return await pictures.renderPng(svg, PIXELS);
		} catch (error) {
			log.warn({ violation: violation.id }, `an alert goes without its chart: ${messageOf(error)}`);
			return undefined;
		}
	}

	function keep(key: string, made: Promise<Uint8Array | undefined>): void {
		kept.set(key, made);
		void made.then((png) => png === undefined && kept.delete(key));
		const [oldest] = kept.keys();
		if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
	}

	return {
		of(violation, language = 'en') {
			if (violation.context.at.length + violation.context.before.length === 0) return Promise.resolve(undefined);
			const key = `${violation.id} ${violation.revision} ${language}`;
			const known = kept.get(key);
			if (known) return known;
			const made = draw(violation, language);
			keep(key, made);
			return made;
		},
	};
}
