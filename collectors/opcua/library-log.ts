import { setErrorLogger, setWarningLogger } from 'node-opcua';

/** The library prints what it also throws, some of it in many lines; what matters is said by whoever catches it. */
export function silenceLibrary(): void {
	setWarningLogger(() => {});
	setErrorLogger(() => {});
}
