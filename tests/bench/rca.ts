import { evaluate, FIRST_FROZEN_SEED, type Evaluated } from '#server/rca/testing/evaluate.ts';
import { rounded, type Bench, type Figures } from './bench.ts';

const SEEDS = 40;
const SIZES = { small: 0.5, medium: 1, large: 2 } as const;

export const rca: Bench = {
	name: 'rca',
	workload:
		`analysis of ${SEEDS} made-up scenarios of each cause and of none, frozen seeds, with and without confounders; fault sizes small, medium and large; ` +
		'top1 and top3 are shares of violations whose cause was named first, or among three; intervals are 95 % (Wilson); baseline names whatever covariate changed most; ' +
		'falseAlarms is the share of scenarios without a fault whose first name was neither chance nor unknown. Generator and scorer have one author: no estimate for real plants. The confusion goes to stderr',
	run: async () => {
		const figures: Record<string, Figures> = {};
		for (const [name, size] of Object.entries(SIZES))
			for (const confounders of [true, false]) {
				const result = evaluate({ seeds: SEEDS, firstSeed: FIRST_FROZEN_SEED, size, confounders });
				figures[confounders ? `${name}Confounded` : name] = figuresOf(result);
				if (confounders) console.error(`${name}, confounded\n${tableOf(result)}`);
			}
		return figures;
	},
};

function figuresOf({ scenarios, undetected, top1, top3, baselineTop1, falseAlarms, p95Ms }: Evaluated): Figures {
	const interval = (share: number): Figures => {
		const [low, high] = wilson(share, scenarios);
		return { share: rounded(share), low: rounded(low), high: rounded(high) };
	};
	return {
		...{ scenarios, undetected, top1: interval(top1), top3: interval(top3), baselineTop1: interval(baselineTop1) },
		...{ falseAlarms: rounded(falseAlarms), analysisP95Ms: rounded(p95Ms) },
	};
}

/** Interval of a share that also holds near 0 and 1 (Wilson, 1927). */
function wilson(share: number, count: number): readonly [number, number] {
	const z = 1.96;
	const scale = 1 + z ** 2 / count;
	const middle = (share + z ** 2 / (2 * count)) / scale;
	const half = (z / scale) * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2));
	return [middle - half, middle + half];
}

function tableOf({ confusion }: Evaluated): string {
	return Object.entries(confusion)
		.map(([cause, row]) => {
			const named = Object.entries(row).toSorted((a, b) => b[1] - a[1]);
			return `  ${cause.padEnd(22)} ${named.map(([name, count]) => `${name} ${count}`).join(', ')}`;
		})
		.join('\n');
}
