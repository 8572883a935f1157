import {
	AttributeIds,
	PublishRequest,
	TimestampsToReturn,
	type ClientSession,
	type CreateMonitoredItemsRequestOptions,
	type DataValue,
	type PublishResponse,
} from 'node-opcua';
import { messageOf } from '#contracts/error.ts';
import type { Session } from './client.ts';

const MOST_AT_ONCE = 1000;

/** Reads values, as many at once as the server takes. @param maxAgeMs 0: from the device, not from a cache */
export async function readValues(session: ClientSession, nodes: readonly string[], maxAgeMs = 0): Promise<DataValue[]> {
	return inParts(nodes, (some) =>
		session.read(
			some.map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value })),
			maxAgeMs,
		),
	);
}

type CreateItem = NonNullable<CreateMonitoredItemsRequestOptions['itemsToCreate']>[number];

/** @returns one result for each, in order */
export async function createMonitoredItems(session: Session, subscriptionId: number, items: readonly CreateItem[]) {
	return inParts(items, async (some) => {
		const answer = await session.createMonitoredItems({
			subscriptionId,
			timestampsToReturn: TimestampsToReturn.Both,
			itemsToCreate: some,
		});
		return answer.results ?? [];
	});
}

export interface Acknowledgement {
	readonly subscriptionId: number;
	readonly sequenceNumber: number;
}

/** Waits until the server has something to say. */
export function publish(session: Session, acknowledge: readonly Acknowledgement[]): Promise<PublishResponse> {
	return new Promise((resolve, reject) => {
		session.publish(new PublishRequest({ subscriptionAcknowledgements: [...acknowledge] }), (error, response) => {
			if (response) resolve(response);
			else reject(error ?? new Error('the server gives no answer'));
		});
	});
}

/** Servers limit how much one request may hold, and not all say how much that is. */
async function inParts<T, R>(all: readonly T[], ask: (some: T[]) => Promise<R[]>, most = MOST_AT_ONCE): Promise<R[]> {
	const answers: R[] = [];
	for (let i = 0; i < all.length; i += most) {
		const some = all.slice(i, i + most);
		try {
			answers.push(...(await ask(some)));
		} catch (error) {
			if (
				some.length === 1 ||
				!/BadTooManyOperations|BadRequestTooLarge|BadResponseTooLarge|BadEncodingLimitsExceeded/.test(messageOf(error))
			)
				throw error;
			answers.push(...(await inParts(some, ask, Math.ceil(some.length / 2))));
		}
	}
	return answers;
}
