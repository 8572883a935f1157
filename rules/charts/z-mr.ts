import { limitsAround, type ChartLimits, type LimitOptions } from './limits.ts';
import { rangeConstants } from './moving-range.ts';

/** Z: a value in sigmas from the centre of its own part, so that parts of one process share a chart; limits 0 +- limitsSigma. */
export function zLimits(options: LimitOptions = {}): ChartLimits {
	return limitsAround(0, 1, options);
}

/**
 * Moving ranges of Z: centre d2 = 1.128, upper limit d2 + limitsSigma d3 = 3.686 (Montgomery, Introduction to SQC, 10.1; Minitab's
 * Z-MR chart). Ranges step across parts: sigma is that of the process.
 */
export function zRangeLimits(options: LimitOptions = {}): ChartLimits {
	const { d2, D4 } = rangeConstants(options.d2);
	return limitsAround(d2, (d2 * (D4 - 1)) / 3, { ...options, least: 0 });
}
