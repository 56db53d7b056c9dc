# syntax=docker/dockerfile:1
# Dafeng: one image for the gateway, every sector service and the workers of batches.
#
#   make image PYTHON_IMAGE=python:3.11-slim-bookworm@sha256:<digest>
#
# The base is named with its digest. The zeros below are no image: the build stops until your registry's digest is given
# (`docker buildx imagetools inspect python:3.11-slim-bookworm`). Nothing else is fetched but the packages of
# requirements-server.lock, each checked by its hash; an index of your own: --build-arg PIP_INDEX_URL=...
ARG PYTHON_IMAGE=python:3.11-slim-bookworm@sha256:0000000000000000000000000000000000000000000000000000000000000000

# Builder: packages, our code, kernels compiled for every processor of this architecture.
FROM ${PYTHON_IMAGE} AS builder
ARG PIP_INDEX_URL=
RUN python -m venv --without-pip /opt/dafeng/venv
COPY requirements-server.lock /build/requirements-server.lock
# Wheels only: no compiler is needed, and none is there.
RUN python -m pip --python /opt/dafeng/venv/bin/python install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: -r /build/requirements-server.lock
COPY dafeng /opt/dafeng/app/dafeng
COPY services /opt/dafeng/app/services
COPY gateway /opt/dafeng/app/gateway
COPY regions /opt/dafeng/app/regions
# The compiler's cache is keyed by the processor's name and features: with these set, and set again below, what is
# compiled here holds on every node.
ENV PATH=/opt/dafeng/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/opt/dafeng/app \
    NUMBA_CPU_NAME=generic \
    NUMBA_CPU_FEATURES= \
    DAFENG_CACHE_DIR=/opt/dafeng/cache
RUN python -m compileall -q /opt/dafeng/app /opt/dafeng/venv/lib \
    && python -m gateway.warm \
    && chmod -R a=rX /opt/dafeng

# The image: no compiler, no pip in the environment, nothing that its user could write.
FROM ${PYTHON_IMAGE} AS final
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Dafeng" \
      org.opencontainers.image.description="Regional carbon peak and peak load projections" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=builder /opt/dafeng /opt/dafeng
ENV PATH=/opt/dafeng/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/opt/dafeng/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NUMBA_CPU_NAME=generic \
    NUMBA_CPU_FEATURES= \
    DAFENG_CACHE_DIR=/opt/dafeng/cache \
    DAFENG_DATA_DIR=/var/lib/dafeng
USER 10001:10001
EXPOSE 50050 50051 50052 50053 50054 8080 9090
# No HEALTHCHECK: the cluster's probes ask the operator's port (k8s/base). Python handles SIGTERM as the first process.
ENTRYPOINT ["python", "-m", "dafeng.cli"]
CMD ["--help"]
