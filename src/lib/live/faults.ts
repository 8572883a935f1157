import { ApiError } from './api.ts';

/** @returns what the server said about this field of what was sent */
export function faultsOf(error: unknown, path: string): string[] {
	if (!(error instanceof ApiError)) return [];
	return error.faults
		.filter((fault) => fault.path === path || fault.path.startsWith(`${path}[`))
		.map(({ message }) => capital(message));
}

/** @returns what is wrong as a whole; empty when it is said at the fields, or nothing is wrong */
export function generalFault(error: unknown): string {
	if (error === undefined || (error instanceof ApiError && error.faults.length > 0)) return '';
	return messageOfFault(error);
}

export function messageOfFault(error: unknown): string {
	const text = error instanceof Error ? error.message : String(error);
	// Which field it is about stands at that field; the path is for programs.
	return capital(text.replace(/^\$\.\w+: /, ''));
}

function capital(text: string): string {
	return text.replace(/^./, (first) => first.toUpperCase());
}
