import { storeContract } from './contract.ts';
import { startStoreUnderTest } from './testing/store.ts';

const now = () => Date.now() * 1000;

storeContract('embedded', () => startStoreUnderTest(now), now);
