import { z } from '@hono/zod-openapi';
import { analyze, DocumentError } from '#rules';
import { InputError } from '#contracts/error.ts';
import { answer, type AnswerRoute } from './route.ts';

/** Nothing is stored or looked up: what a live chart would say of these values. */
export function analyzeRoutes(): AnswerRoute[] {
	return [
		answer({
			method: 'POST',
			path: '/api/v1/spc/analyze',
			access: 'read',
			tag: 'Analysis',
			summary: 'Judge a series that is not stored: charts, signals, estimates, advice',
			// The library checks its document itself, with a path for each fault.
			input: { body: z.looseObject({}) },
			output: { schema: z.looseObject({}).openapi('Analysis') },
			handle: ({ body }) => ({ body: judge(body) }),
		}),
	];
}

function judge(document: unknown): ReturnType<typeof analyze> {
	try {
		return analyze(document);
	} catch (error) {
		if (error instanceof DocumentError) throw new InputError('cannot analyze this document', error.faults);
		throw error;
	}
}
