/** Tests that start whole processes or a browser take longer than those that only use the services. */
jest.setTimeout(120_000);
