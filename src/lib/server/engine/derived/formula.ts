import type { Expression, Node } from '#contracts/expression.ts';

/** @returns what an expression comes to for values of its terms, in their order; not finite where it has no value */
export type Evaluate = (values: Float64Array) => number;

/** Closures, one for each node: no text is ever run. */
export function compileFormula({ root }: Pick<Expression, 'root'>): Evaluate {
	return compile(root);
}

function compile(node: Node): Evaluate {
	if ('number' in node) {
		const { number } = node;
		return () => number;
	}
	if ('term' in node) {
		const { term } = node;
		return (values) => values[term]!;
	}
	const of = node.of.map(compile);
	const [a, b] = of as [Evaluate, Evaluate];
	switch (node.call) {
		case '+':
			return (values) => a(values) + b(values);
		case '-':
			return (values) => a(values) - b(values);
		case '*':
			return (values) => a(values) * b(values);
		case '/':
			return (values) => a(values) / b(values);
		case 'negative':
			return (values) => -a(values);
		case 'min':
			return (values) => Math.min(...of.map((one) => one(values)));
		case 'max':
			return (values) => Math.max(...of.map((one) => one(values)));
		case 'abs':
			return (values) => Math.abs(a(values));
		case 'sqrt':
			return (values) => Math.sqrt(a(values));
		case 'log':
			return (values) => Math.log(a(values));
	}
}
