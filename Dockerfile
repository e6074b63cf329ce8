# One image for `sluice serve`, `sluice worker` and `sluice migrate`.
FROM python:3.13-slim AS build

RUN python -m venv /opt/sluice
COPY requirements-runtime.txt requirements-build.txt /source/
RUN /opt/sluice/bin/pip install --no-cache-dir --require-hashes -r /source/requirements-runtime.txt \
    && pip install --no-cache-dir --require-hashes -r /source/requirements-build.txt
COPY . /source
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheels /source \
    && /opt/sluice/bin/pip install --no-cache-dir --no-deps /wheels/*.whl

FROM python:3.13-slim

COPY --from=build /opt/sluice /opt/sluice
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/sluice sluice

USER 10001
WORKDIR /var/lib/sluice
ENV PATH=/opt/sluice/bin:$PATH SLUICE_HOME=/var/lib/sluice/home HOST=0.0.0.0
EXPOSE 8000
CMD ["sluice", "serve"]
