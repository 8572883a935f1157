/** The words of control charts, as the pages use them. */
export interface Term {
	readonly word: string;
	readonly also: readonly string[];
	readonly text: string;
}

const term = (word: string, text: string, ...also: string[]): Term => ({ word, also, text });

export const GLOSSARY: readonly Term[] = [
	term(
		'Control chart',
		'The values of a process in the order of time, with a centre line and limits that the process itself has set. It tells variation that is always there from something that has happened.',
		'SPC',
		'Shewhart chart',
	),
	term(
		'Centre',
		'The level about which the values vary while nothing special happens: mean or median of the baseline, or a value that was given.',
		'centre line',
		'mean',
	),
	term(
		'Sigma',
		'The spread of the process from one value to the next, estimated from moving ranges or within samples. Not the standard deviation of everything there is: that would include the shifts one looks for.',
		'σ',
		'standard deviation',
	),
	term(
		'Control limits',
		'Centre plus and minus three sigma, where the plan says nothing else. They follow from the process. A value beyond them is worth looking for a cause; it is not a faulty part.',
		'LCL',
		'UCL',
		'limits',
	),
	term(
		'Specification limits',
		'What a customer or drawing allows. They say nothing about whether the process is stable, and control limits say nothing about whether parts are good.',
		'LSL',
		'USL',
		'tolerance',
	),
	term(
		'Zone',
		'A band of one sigma: C next to the centre, B next, A up to the control limits. Several rules count points by zone.',
		'zone A',
		'zone B',
		'zone C',
	),
	term(
		'Baseline',
		'The points that centre and sigma were estimated from, a hundred where the plan says nothing else. They are judged afterwards and never alert.',
		'learning',
	),
	term(
		'Phase',
		'A stretch in which one set of limits is in force. After an intended change a new phase learns its own; rules do not look across.',
	),
	term(
		'Rule',
		'A pattern that is rare while nothing has happened. Nelson’s eight: 1 a point beyond three sigma; 2 nine on one side; 3 six rising or falling; 4 fourteen alternating; 5 two of three beyond two sigma; 6 four of five beyond one; 7 fifteen within one; 8 eight beyond one on both sides.',
		'Nelson rules',
		'Western Electric',
	),
	term('Signal', 'One rule completed at one point.'),
	term(
		'Violation',
		'Consecutive signals of one chart, rule and side, with ten plotted points before and after. It ends at the first plotted point without its signal.',
		'episode',
	),
	term(
		'Individuals chart',
		'Each value is a point of its own (I), beside the differences of neighbours (MR). For what is measured singly.',
		'I-MR',
		'moving range',
		'XmR',
	),
	term(
		'X-bar chart',
		'Means of samples, beside their ranges (R) or standard deviations (S). For several values taken together.',
		'xbar',
		'subgroup',
	),
	term('EWMA', 'A mean in which older points count less and less: finds small lasting shifts early.'),
	term(
		'CUSUM',
		'Sums of how far points are from the target beyond an allowance: finds small lasting shifts, and says when they began.',
	),
	term(
		'p chart',
		'The share of failures in each sample; limits are wider for smaller samples. np counts them, u and c count faults per unit.',
		'np chart',
		'u chart',
		'c chart',
		'attributes',
	),
	term(
		'Run length',
		'How many points pass until a rule signals. Its mean while nothing has happened should be long, after a shift short.',
		'ARL',
		'false alarm',
	),
	term(
		'False alarm',
		'A signal although nothing has happened. Each rule adds some: rule 1 alone one in 370 points of a normal process, rules 1, 2, 5 and 6 together one in 92.',
	),
	term(
		'Autocorrelation',
		'Neighbours are alike because the process is slow or sampled often. Limits from moving ranges are then too narrow, and runs mean less.',
		'lag 1',
	),
	term(
		'Capability',
		'How the spread of a stable process compares with its specification: Cp and Cpk by sigma within, Pp and Ppk by all variation. Without stability it predicts nothing.',
		'Cpk',
		'Ppk',
		'Cp',
	),
	term(
		'T²',
		'The distance of several streams together from where they belong, in terms of how they usually go together.',
		'Hotelling',
		'multivariate',
	),
	term('Late point', 'One whose time is not after the newest of its stream: stored, drawn hollow, not judged.'),
	term('Gap', 'A stretch without values, and why. Rules do not look across it unless the plan says so.', 'missing'),
	term(
		'Quality',
		'What the source says of a value: good, uncertain or bad. Plans judge good ones, and uncertain ones where they say so.',
	),
	term(
		'Time to first token',
		'From the request’s sending to the first token of the answer. What a reader feels as delay.',
		'TTFT',
	),
	term('Time per output token', 'Between the first and the last token, per token after the first.', 'TPOT'),
];

/** @returns the terms whose word, other names or text have all of these words */
export function findTerms(words: string): readonly Term[] {
	const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
	return GLOSSARY.filter(({ word, also, text }) => {
		const all = [word, ...also, text].join(' ').toLowerCase();
		return wanted.every((one) => all.includes(one));
	});
}

/** The anchor of a term on the page of all terms. */
export function termAnchor(word: string): string {
	return word.toLowerCase().replaceAll(/[^a-z0-9²]+/g, '-');
}
