/** One thing wrong with a document: where (a JSON path such as `$.values[3]`) and what. */
export interface Fault {
	readonly path: string;
	readonly message: string;
}

/** A document that cannot be analysed; carries everything that is wrong with it, not only the first. */
export class DocumentError extends Error {
	override readonly name = 'DocumentError';
	readonly faults: readonly Fault[];
	constructor(faults: readonly Fault[]) {
		super(faults.map((fault) => `${fault.path}: ${fault.message}`).join('\n'));
		this.faults = faults;
	}
}
