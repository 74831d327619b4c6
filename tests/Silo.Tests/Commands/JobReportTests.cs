using System.Net;
using System.Net.Http.Json;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Silo.Commands;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Tests.Commands;

public sealed class JobReportTests
{
    private const string Away = "The site's store has not answered within 8 s.";

    [Fact]
    public async Task Job_is_shown_also_when_the_store_of_its_rounds_is_away()
    {
        using var site = new SiteApi([new Uri("http://127.0.0.1:1")], new SiteWithoutStore());

        var report = await JobReport.Of(site, JobId.Parse("digits"), TestContext.Current.CancellationToken);

        Assert.Equal(JobPhase.Training, report.Status.Phase);
        Assert.Equal(Away, report.Unreadable);
        Assert.Empty(report.Rounds);
    }

    private sealed class SiteWithoutStore : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(
            request.RequestUri!.AbsolutePath.EndsWith("/rounds", StringComparison.Ordinal)
                ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = JsonContent.Create(new ErrorAnswer(Away), options: SiteJson.Options) }
                : new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = JsonContent.Create(
                        new JobStatus { Job = JobId.Parse("digits"), Phase = JobPhase.Training, Round = 3, Rounds = 5, CreatedAt = DateTimeOffset.UnixEpoch },
                        options: SiteJson.Options),
                });
    }
}
