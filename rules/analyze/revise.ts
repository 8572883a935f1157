import type { Exclusion } from './answer.ts';
import { phasesOf, type Build, type Built } from './build.ts';
import type { Document } from './document.ts';

/** More passes than any real baseline needs: every pass but the last one leaves at least one point out. */
const MAX_PASSES = 100;
/** Of a phase's baseline, for limits to mean something. */
const LEAST_POINTS = 2;

/**
 * Limits estimated again without the points of the baseline that are beyond them, until none is (Montgomery, Introduction to
 * SQC, 6.2: revision of trial limits). The points stay on the chart and are judged.
 */
export function revise(document: Document, build: Build): { built: Built; excluded: Exclusion[] } {
	const excluded: Exclusion[] = [];
	const left = new Set(document.baseline.exclude);
	for (let pass = 1; ; pass++) {
		const built = build(document, left);
		const beyond = pass > MAX_PASSES ? [] : beyondLimits(document, built, left);
		if (beyond.length === 0) return { built, excluded: excluded.sort((a, b) => a.index - b.index) };
		for (const { index, chart } of beyond) {
			if (left.has(index)) continue;
			left.add(index);
			excluded.push({ index, chart, pass });
		}
	}
}

function beyondLimits(document: Document, { plotted }: Built, left: ReadonlySet<number>): Omit<Exclusion, 'pass'>[] {
	return phasesOf(document).flatMap(({ from, baselineTo }) => {
		const found: Omit<Exclusion, 'pass'>[] = [];
		for (const { name, statistic, lines } of plotted) {
			// A moving range is of two points: the one that is out is beyond the limits of its own chart.
			if (name === 'mr') continue;
			for (let index = from; index < baselineTo; index++) {
				const outside = statistic[index]! > lines.ucl[index]! || statistic[index]! < lines.lcl[index]!;
				if (outside && !left.has(index)) found.push({ index, chart: name });
			}
		}
		const remaining = baselineTo - from - left.size - new Set(found.map(({ index }) => index)).size;
		return remaining < LEAST_POINTS ? [] : found;
	});
}
