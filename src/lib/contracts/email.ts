/** One spelling per address: what people type differs in case and spaces. */
export function normalEmail(email: string): string {
	return email.trim().normalize('NFKC').toLowerCase();
}

/** No more than a look: whether it exists only its owner can tell. */
export function isEmail(text: string): boolean {
	return text.length <= 254 && /^[^\s@<>"']+@[^\s@<>"']+$/.test(text);
}
