/** Runs before every test file of the project `cluster`: what it takes for Redis is the cluster. */
process.env['REDIS_URL'] = process.env['REDIS_CLUSTER_URL'];
