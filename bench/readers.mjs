export function benchReaders() {}
