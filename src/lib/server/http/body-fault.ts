import { Problem } from './problem.ts';

/**
 * One field of a body is not what it should be, found after who asks may see what it is about: of anything foreign not even
 * that is said.
 */
export function bodyFault(name: string, message: string): Problem {
	return new Problem(400, `$.${name} ${message}`, { faults: [{ path: `$.${name}`, message }] });
}
